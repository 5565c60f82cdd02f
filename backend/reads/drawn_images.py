"""The stored image behind what the browser names by the identifiers of a read."""

from dataclasses import dataclass

from backend.cases.models import CaseImage

from .access import shown_series
from .geometry import BadMeasurement, SliceGrid, slice_grid
from .image_uids import uid_in_read
from .models import Read


@dataclass(frozen=True)
class DrawnImage:
    """An image of the read's case. `series` counts from 0 as the reader sees them, `frame` from 1."""

    image: CaseImage
    series: int
    frame: int
    grid: SliceGrid


class DrawnImages:
    """Finds the images of one read's case; asks the database when something is first looked for."""

    def __init__(self, read: Read) -> None:
        self._read = read
        self._images: dict[str, tuple[int, CaseImage]] | None = None

    def find(self, *, sop_uid: object, frame_of_reference_uid: object) -> DrawnImage:
        """The image of that read-scoped UID.

        Raises
        ------
        BadMeasurement
            When this case has no such image, or the image lies in another frame of reference.
        """
        found = self._by_uid().get(sop_uid) if isinstance(sop_uid, str) else None
        if found is None:
            raise BadMeasurement("The slice that is named is not part of this case.")
        index, image = found
        if frame_of_reference_uid != uid_in_read(self._read.pk, image.series.frame_of_reference_uid):
            raise BadMeasurement("The frame of reference is not that of the slice.")
        return DrawnImage(image=image, series=index, frame=image.index + 1, grid=slice_grid(image.metadata))

    def _by_uid(self) -> dict[str, tuple[int, CaseImage]]:
        if self._images is None:
            series = shown_series(self._read)
            places = {one.pk: index for index, one in enumerate(series)}
            images = CaseImage.objects.select_related("series").filter(series__in=series)
            self._images = {
                uid_in_read(self._read.pk, image.sop_uid): (places[image.series_id], image)
                for image in images
            }
        return self._images
