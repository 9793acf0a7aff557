"""What the words of old tables probably mean here: people, stages, reasons of a loss, kinds of activity. Proposals, made of nothing but
words; a person confirms them."""
