"""What every floor shares: errors, locations, exact values, safe XML. Imports nothing of the project."""
