"""From what arrives to work: taken apart, sorted, answered for by name; reference data by version.

``parcels`` has the words, ``receiving`` is the way in. What a store keeps of it stands in ``host.intake_ports``.
"""
