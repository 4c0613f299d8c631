"""The web: pages for people, a REST API for programs, and the database host.

Apps, from the ground up: ``core``, ``engine``, ``cases``, ``work`` | ``engagements`` | ``portfolio`` | ``library``,
``review``, ``site``. An app is ``models``, ``queries`` (read), ``actions`` (write: owns the transaction and checks the
permission), ``pages``, ``api`` and ``templates``. Views hold no rules.
"""
