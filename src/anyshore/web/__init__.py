"""The web: pages for people, a REST API for programs, and the database host.

Apps: ``core`` ← ``engine`` ← ``work`` | ``engagements`` | ``portfolio`` | ``library`` ← ``site``. An app is ``models``,
``queries`` (read), ``actions`` (write: owns the transaction and the permission check), ``pages``, ``api``, ``templates``.
Views hold no rules.
"""
