"""The ten differences with a client's own activities on each, the map of a portfolio, and a paper for a board.

Rooms: ``differences`` (the ten, in both languages), ``placing`` (activities as they are drawn), ``infographic`` and
``portfolio_map`` (SVG), ``paper`` (PDF).
"""
