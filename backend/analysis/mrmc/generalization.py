"""What a comparison of modalities generalizes to: the population of readers, of cases, or of both."""

from typing import Literal, TypeAlias

Generalization: TypeAlias = Literal["readers_and_cases", "cases", "readers"]
