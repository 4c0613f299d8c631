"""Finding the relevant documents of a set, and showing that hardly any was missed."""
