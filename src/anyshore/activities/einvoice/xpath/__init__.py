"""The rules of compiled Schematron as Python: each XPath 2.0 expression of a stylesheet becomes a function.

What cannot be said in Python exactly, and a document on which a rule raises an error, is left to the XSLT
processor.
"""
