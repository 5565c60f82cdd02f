import { Button, Group } from "@mantine/core";
import type { OpenItem } from "../api/item";
import { placesOf } from "../model/places";

interface DrawnPlacesProps {
  item: OpenItem;
  letter: string | null;
  onShow: (series: number, frame: number) => void;
}

/** The slices on which a reading has drawn, to go to. */
export function DrawnPlaces({ item, letter, onShow }: DrawnPlacesProps) {
  const places = placesOf(item, letter);
  if (places.length === 0) return null;
  return (
    <Group gap={4}>
      {places.map(({ question, label, series, frame }) => (
        <Button
          key={`${question}/${series}/${frame}`}
          size="compact-sm"
          variant="default"
          onClick={() => onShow(series, frame)}
        >
          {label}, slice {frame}
        </Button>
      ))}
    </Group>
  );
}
