"""Recruiting: notice periods, applications read to sections, a suggestion of order, adverse impact, retention."""
