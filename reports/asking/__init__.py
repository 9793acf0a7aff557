"""How a report is asked for and looked at: in the address, in a form that reads as a sentence, on a page that folds."""
