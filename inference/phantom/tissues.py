"""Signal of each tissue on T2-weighted images and its apparent diffusion coefficient."""

from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, kw_only=True)
class Tissue:
    """Signal model of a tissue.

    Attributes
    ----------
    t2w : float
        Signal on fat-bright T2-weighted turbo spin echo, relative to subcutaneous fat.
    adc : float
        Apparent diffusion coefficient in 1e-6 mm2/s.
    dwi : float
        Signal at a high b-value relative to noise: where it is low, the ADC map is noisy.
    textures : tuple of (field, amplitude)
        Relative amplitude of each texture field (see `textures`).
    """

    t2w: float
    adc: float
    dwi: float
    textures: tuple[tuple[str, float], ...] = ()


_MARROW = (("medium", 0.10), ("coarse", 0.13), ("fine", 0.05))
_MUSCLE = (("striae", 1.1), ("fine", 0.10), ("coarse", 0.12), ("medium", 0.06))
_GLAND = (("medium", 0.16), ("fine", 0.08))

TISSUES = MappingProxyType(
    {
        "air": Tissue(t2w=0.0, adc=0, dwi=0.2),
        "skin": Tissue(t2w=0.42, adc=900, dwi=1.5),
        "fat": Tissue(
            t2w=1.0, adc=120, dwi=1.2, textures=(("septa", -0.20), ("coarse", 0.04), ("fine", 0.025))
        ),
        "pelvic_fat": Tissue(
            t2w=0.93,
            adc=180,
            dwi=1.2,
            textures=(("septa", -0.22), ("coarse", 0.06), ("medium", 0.05), ("fine", 0.04)),
        ),
        "mesorectal_fat": Tissue(
            t2w=0.90, adc=180, dwi=1.2, textures=(("septa", -0.42), ("medium", 0.05), ("fine", 0.04))
        ),
        "muscle": Tissue(t2w=0.165, adc=1350, dwi=4.0, textures=_MUSCLE),
        "gluteus": Tissue(
            t2w=0.19, adc=1350, dwi=4.0, textures=(("striae", 2.6), ("fine", 0.10), ("coarse", 0.12))
        ),
        "levator": Tissue(t2w=0.17, adc=1300, dwi=4.0, textures=(("medium", 0.15),)),
        "fascia": Tissue(t2w=0.28, adc=700, dwi=1.5),
        "tendon": Tissue(t2w=0.06, adc=500, dwi=0.8),
        "cortex": Tissue(t2w=0.045, adc=150, dwi=0.5),
        "marrow": Tissue(t2w=0.60, adc=320, dwi=2.0, textures=_MARROW),
        "femoral_marrow": Tissue(t2w=0.74, adc=220, dwi=1.6, textures=_MARROW),
        "sacral_marrow": Tissue(t2w=0.50, adc=340, dwi=2.0, textures=_MARROW),
        "ligament": Tissue(t2w=0.22, adc=800, dwi=1.5, textures=(("medium", 0.3), ("striae", 1.5))),
        "cartilage": Tissue(t2w=0.40, adc=1200, dwi=2.0),
        "disc": Tissue(t2w=0.20, adc=900, dwi=1.5, textures=(("medium", 0.2),)),
        "csf": Tissue(t2w=1.65, adc=2900, dwi=2.5),
        "epidural": Tissue(t2w=0.85, adc=400, dwi=1.5, textures=(("medium", 0.1),)),
        "nerve": Tissue(t2w=0.42, adc=1200, dwi=5.0, textures=(("fine", 0.25),)),
        "void": Tissue(t2w=0.05, adc=700, dwi=0.8),
        "slow_flow": Tissue(t2w=0.55, adc=1400, dwi=1.8, textures=(("medium", 0.25),)),
        "vessel_wall": Tissue(t2w=0.30, adc=900, dwi=1.5),
        "bladder_wall": Tissue(t2w=0.19, adc=1450, dwi=4.0, textures=(("medium", 0.1),)),
        "urine": Tissue(t2w=1.72, adc=2950, dwi=3.0, textures=(("coarse", 0.02),)),
        "prostate_capsule": Tissue(t2w=0.24, adc=1300, dwi=4.0),
        "peripheral_zone": Tissue(t2w=0.92, adc=1750, dwi=6.0, textures=(("medium", 0.12), ("septa", -0.35))),
        "transition_zone": Tissue(
            t2w=0.36, adc=1300, dwi=6.0, textures=(("medium", 0.30), ("coarse", 0.22), ("fine", 0.08))
        ),
        "stroma": Tissue(t2w=0.20, adc=1100, dwi=5.0, textures=(("medium", 0.12),)),
        "urethra": Tissue(t2w=0.62, adc=1500, dwi=4.0),
        "seminal_vesicle": Tissue(t2w=1.05, adc=1900, dwi=5.0, textures=(("convoluted", -0.75),)),
        "erectile": Tissue(t2w=0.95, adc=1600, dwi=5.0, textures=(("medium", 0.12),)),
        "myometrium": Tissue(t2w=0.46, adc=1450, dwi=6.0, textures=(("medium", 0.16), ("fine", 0.08))),
        "junctional_zone": Tissue(t2w=0.22, adc=1150, dwi=6.0),
        "endometrium": Tissue(t2w=1.15, adc=1500, dwi=7.0),
        "vagina_wall": Tissue(t2w=0.30, adc=1400, dwi=4.0, textures=(("medium", 0.1),)),
        "mucosa": Tissue(t2w=0.78, adc=1500, dwi=6.0),
        "ovary": Tissue(t2w=0.50, adc=1400, dwi=6.0, textures=_GLAND),
        "follicle": Tissue(t2w=1.55, adc=2700, dwi=3.0),
        "muscularis": Tissue(t2w=0.21, adc=1350, dwi=4.5, textures=(("medium", 0.1),)),
        "submucosa": Tissue(t2w=0.58, adc=1500, dwi=5.0, textures=(("fine", 0.08),)),
        "rectal_mucosa": Tissue(t2w=0.38, adc=1400, dwi=6.0),
        "gas": Tissue(t2w=0.025, adc=0, dwi=0.2),
        "stool": Tissue(t2w=0.50, adc=1500, dwi=3.0, textures=(("medium", 0.35), ("fine", 0.15))),
        "gel": Tissue(t2w=1.45, adc=2600, dwi=3.0),
        "bowel_fluid": Tissue(t2w=1.30, adc=2500, dwi=3.0, textures=(("medium", 0.15),)),
        "tumor": Tissue(
            t2w=0.40, adc=880, dwi=12.0, textures=(("medium", 0.13), ("coarse", 0.10), ("fine", 0.06))
        ),
        "fibrosis": Tissue(t2w=0.17, adc=1250, dwi=3.0, textures=(("medium", 0.2),)),
        "node_capsule": Tissue(t2w=0.34, adc=1100, dwi=7.0),
    }
)
