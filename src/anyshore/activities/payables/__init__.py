"""Accounts payable: sellers, duplicates, purchase orders, postings."""
