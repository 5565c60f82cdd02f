import { cleanup, fireEvent, screen, within } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { useEffect } from "react";
import { afterEach, describe, expect, it } from "vitest";
import { renderThemed } from "../../../shared/forms/testing";
import type { MaskLayer } from "../../../viewer/MaskLayersView";
import type { OpenItem } from "../api/item";
import { itemOf, paintedItem } from "../testing";
import { useMasks } from "../use-masks";
import { MasksOnImages } from "./MasksOnImages";

afterEach(cleanup);

interface RoomProps {
  item: OpenItem;
  onLayers: (layers: readonly MaskLayer[]) => void;
  onShow: (series: number, frame: number) => void;
}

function Room({ item, onLayers, onShow }: RoomProps) {
  const masks = useMasks(item);
  useEffect(() => onLayers(masks.layers), [masks.layers, onLayers]);
  return <MasksOnImages item={item} masks={masks} onShow={onShow} />;
}

/** Render, and tell what is laid on the images and which slices were gone to. */
function lay(item: OpenItem) {
  let layers: readonly MaskLayer[] = [];
  const places: [number, number][] = [];
  const onLayers = (next: readonly MaskLayer[]) => {
    layers = next;
  };
  renderThemed(
    <Room item={item} onLayers={onLayers} onShow={(series, frame) => places.push([series, frame])} />,
  );
  return { user: userEvent.setup(), layers: () => layers, places };
}

const waitFor = async (isSo: () => boolean) => {
  await expect.poll(isSo).toBe(true);
};

describe("masks on the images", () => {
  it("are of no reading to begin with, and then of as many as are chosen", async () => {
    const { user, layers } = lay(paintedItem());
    expect(screen.getAllByRole("checkbox", { name: /^Mask of Reading/ })).toHaveLength(2);
    expect(layers()).toEqual([]);
    await user.click(screen.getByRole("checkbox", { name: "Mask of Reading A" }));
    await waitFor(() => layers().length === 1);
    expect([...(layers()[0]?.labels ?? [])]).toEqual([1, 0, 0, 0, 2, 0, 0, 0]);
    await user.click(screen.getByRole("checkbox", { name: "Mask of Reading B" }));
    await waitFor(() => layers().length === 2);
    await user.click(screen.getByRole("checkbox", { name: "Mask of Reading A" }));
    expect(layers().map(({ id }) => id)).toEqual(["B/nodes/0"]);
  });

  it("are as opaque as is set, with outlines or without", async () => {
    const { user, layers } = lay(paintedItem());
    expect(screen.getByRole<HTMLInputElement>("slider", { name: /Opacity/ }).disabled).toBe(true);
    await user.click(screen.getByRole("checkbox", { name: "Mask of Reading B" }));
    await waitFor(() => layers().length === 1);
    fireEvent.change(screen.getByRole("slider", { name: /Opacity/ }), { target: { value: "60" } });
    await user.click(screen.getByRole("checkbox", { name: "Outlines" }));
    expect(layers()[0]).toMatchObject({ opacity: 0.6, hasOutline: false });
  });

  it("lead to where each segment lies", async () => {
    const { user, places } = lay(paintedItem());
    await user.click(screen.getByRole("checkbox", { name: "Mask of Reading A" }));
    const segments = within(screen.getByRole("list", { name: "Segments of Reading A" }));
    await user.click(segments.getByRole("button", { name: /^Nodes, right, positive/ }));
    expect(places).toEqual([[0, 2]]);
  });

  it("say so when they cannot be read", async () => {
    const item = paintedItem();
    Object.assign(item.originals[0]?.labelmaps[0] ?? {}, { data: btoa("no gzip") });
    const { user, layers } = lay(item);
    await user.click(screen.getByRole("checkbox", { name: "Mask of Reading A" }));
    expect((await screen.findByRole("alert")).textContent).toContain("cannot be shown here");
    expect(layers()).toEqual([]);
  });

  it("are not spoken of where nobody painted", () => {
    lay(itemOf());
    expect(screen.queryByRole("group", { name: "Masks on the images" })).toBeNull();
  });
});
