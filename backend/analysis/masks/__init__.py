"""What is computed from drawn voxels: diameters and volume of a mask, and the region that grows from a click.

Pure numpy and scipy. The viewer computes the same in TypeScript (``frontend/src/viewer/segmentation``); both sides
are tested on the vectors in ``tests/reference/masks``.
"""
