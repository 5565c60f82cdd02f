"""Exchange formats: pure writers and readers between the product's records and what other programs read.

Writers give text or bytes, the same for the same input; readers take them back and refuse what is wrong,
naming file and row.
"""
