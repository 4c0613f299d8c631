"""Payroll: figures of a payslip, its record, and the release of a month with payments, postings and lists."""
