"""Model plug-ins and the code that runs them. Knows nothing of Django, readers or the reference standard."""
