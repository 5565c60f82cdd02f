"""Model plug-ins and the code that runs them. Knows nothing of Django, of readers or of the reference standard."""
