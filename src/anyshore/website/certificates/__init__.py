"""Certificates of web servers: is there a chain that holds, and what is wrong with it in words (RFC 5280, CABF BR).

The library ``cryptography`` reads certificates and checks signatures. The rules of a path are written here: its own
verifier stops at the first doubt without saying which rule, reads no revocation lists, and knows one profile.
"""
