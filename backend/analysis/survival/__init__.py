"""Survival: times to an event, some of them censored.

Conventions that hold throughout:

- Follow-up starts at 0; a time is the case's last day of observation, its event flag says whether the event
  happened then. Two times are tied when they are the same number.
- At a time that holds both events and censorings the events come first: whoever is censored at t was still at
  risk at t. The survival of the censoring, G, therefore loses a case at t only among those whom the event
  left.
- A higher score means a higher risk, that is an earlier event. - The weights of inverse probability of
censoring are 1/G(t-) for an event at t (G just before t) and 1/G(t) for
  a case that is observed beyond t.
- A case that lacks what a method needs is left out of it and named in ``dropped``.
"""
