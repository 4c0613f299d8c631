"""Runs work durably: ports (protocols), the driver, and a store in memory.

``ports`` says what a store must do, ``memory`` does it in memory (tests, simulation), the web's ``engine`` app does it
in a database. ``driver`` is the only caller of the engines that has a clock.
"""
