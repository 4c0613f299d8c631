"""Market research: survey files, design-based estimation, weighting, tables, choice models, quality of the field."""
