"""Financial reports in XBRL: facts with context, unit and dimensions, statements in the filer's order, sums checked.

Nothing is fetched: what a filing's files do not say (the labels of a public taxonomy, for example) stays unknown.
"""
