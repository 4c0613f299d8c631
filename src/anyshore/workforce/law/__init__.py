"""What working-time law says of a roster: rules in ``rules``, their values as dated data in a file per country."""
