"""Closing a period: a journal that is only added to, locks, accruals, depreciation, and what explains the figures."""
