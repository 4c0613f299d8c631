"""What delivering changes does by itself: estimates, calendar, plan, earned value, handover, figures."""
