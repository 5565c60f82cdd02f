"""From an MR volume and a mask to radiomic features, in steps that give the same numbers on every machine."""
