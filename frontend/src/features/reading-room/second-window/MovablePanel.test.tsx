import { MantineProvider, Modal, Tooltip } from "@mantine/core";
import { act, cleanup, fireEvent, screen, waitFor, within } from "@testing-library/react";
import { type ReactNode, useState } from "react";
import { afterEach, describe, expect, it, vi } from "vitest";
import { theme } from "../../../shared/theme";
import { renderInApp } from "../testing/render";
import { MovablePanel } from "./MovablePanel";
import { openSecondWindow, type SecondWindow } from "./second-window";
import { useDialog } from "./use-dialog";

afterEach(() => {
  cleanup();
  document.body.replaceChildren();
});

function opened(): SecondWindow {
  const frame = document.body.appendChild(document.createElement("iframe"));
  const second = openSecondWindow(() => frame.contentWindow);
  if (second === null) throw new Error("The frame has no window.");
  return second;
}

/** In the app's own surroundings of a test what hangs over the page stands where it is written. */
function withPortals(content: ReactNode): void {
  renderInApp(
    <MantineProvider env="default" theme={theme}>
      <main>{content}</main>
    </MantineProvider>,
  );
}

let goTo: (second: SecondWindow | null) => void;

function Room({ onBegun }: { onBegun: () => void }) {
  const [second, setSecond] = useState<SecondWindow | null>(null);
  goTo = (place) => act(() => setSecond(place));
  return (
    <div data-testid="room">
      <MovablePanel second={second}>
        <Panel onBegun={onBegun} />
      </MovablePanel>
    </div>
  );
}

function Panel({ onBegun }: { onBegun: () => void }) {
  const [count, setCount] = useState(() => {
    onBegun();
    return 0;
  });
  const [isOpen, setOpen] = useState(false);
  const dialog = useDialog(isOpen, () => setOpen(false));
  return (
    <section>
      <input aria-label="Half a number" />
      <button type="button" onClick={() => setCount(count + 1)}>
        Counted {count}
      </button>
      <Tooltip label="What it is for" openDelay={0}>
        <button type="button" onClick={() => setOpen(true)}>
          Ask
        </button>
      </Tooltip>
      <Modal
        key={dialog.key}
        opened={isOpen}
        onClose={() => setOpen(false)}
        title="Sure?"
        lockScroll={false}
        transitionProps={{ duration: 0 }}
        {...dialog.props}
      >
        <button type="button" data-autofocus>
          Yes
        </button>
      </Modal>
    </section>
  );
}

describe("MovablePanel", () => {
  it("moves as it is, is used there, and comes back as it was left", () => {
    const onBegun = vi.fn();
    renderInApp(<Room onBegun={onBegun} />);
    const second = opened();
    const field = screen.getByLabelText<HTMLInputElement>("Half a number");
    field.value = "4.";
    goTo(second);
    expect(within(screen.getByTestId("room")).queryByText("Counted 0")).toBeNull();
    const there = within(second.root);
    expect(there.getByLabelText("Half a number")).toBe(field);
    fireEvent.click(there.getByText("Counted 0"));
    expect(there.getByText("Counted 1")).toBeTruthy();
    goTo(null);
    expect(second.root.childElementCount).toBe(0);
    const here = within(screen.getByTestId("room"));
    fireEvent.click(here.getByText("Counted 1"));
    expect(here.getByText("Counted 2")).toBeTruthy();
    expect(here.getByLabelText<HTMLInputElement>("Half a number").value).toBe("4.");
    expect(onBegun).toHaveBeenCalledOnce();
  });

  it("leaves nothing in the second window when its case is over", () => {
    const { unmount } = renderInApp(<Room onBegun={() => {}} />);
    const second = opened();
    goTo(second);
    expect(second.root.childElementCount).toBe(1);
    unmount();
    expect(second.root.childElementCount).toBe(0);
  });

  it("opens tooltips in the main landmark while it stands here", async () => {
    withPortals(<Room onBegun={() => {}} />);
    fireEvent.mouseEnter(screen.getByText("Ask"));
    const tooltip = await screen.findByRole("tooltip", { hidden: true });
    expect(tooltip.closest("main")).not.toBeNull();
  });

  it("opens tooltips and dialogs in its window, and closes them with Escape there", async () => {
    withPortals(<Room onBegun={() => {}} />);
    const second = opened();
    goTo(second);
    const ask = within(second.root).getByText("Ask");
    fireEvent.mouseEnter(ask);
    await waitFor(() => expect(within(second.overlays).getByText("What it is for")).toBeTruthy());
    ask.focus();
    fireEvent.click(ask);
    const yes = within(second.overlays).getByText("Yes");
    expect(screen.queryByRole("dialog")).toBeNull();
    await waitFor(() => expect(yes.ownerDocument.activeElement).toBe(yes));
    expect(second.root.inert).toBe(true);
    fireEvent.keyDown(yes, { key: "Escape" });
    await waitFor(() => expect(within(second.overlays).queryByText("Yes")).toBeNull());
    expect(second.root.inert).toBe(false);
    expect(ask.ownerDocument.activeElement).toBe(ask);
  });
});
