"""What every floor shares: errors, locations, exact values; and one way each to read files, tables and XML, to keep
plain data, to hash and to draw. Imports nothing of the project."""
