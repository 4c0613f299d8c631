"""The arithmetic of value: returns of flows, discounted cash flows, comparables."""
