import { cleanup, fireEvent, screen } from "@testing-library/react";
import { createMemoryRouter, Link, RouterProvider } from "react-router";
import { afterEach, describe, expect, it } from "vitest";
import { renderInApp } from "../testing/render";
import { LeaveDialog } from "./LeaveDialog";

function open(wouldLose: boolean) {
  const room = (
    <>
      <Link to="/worklist">Back</Link>
      <LeaveDialog wouldLose={() => wouldLose} />
    </>
  );
  const routes = [
    { path: "/case", element: room },
    { path: "/worklist", element: <p>My cases</p> },
  ];
  renderInApp(<RouterProvider router={createMemoryRouter(routes, { initialEntries: ["/case"] })} />);
  fireEvent.click(screen.getByText("Back"));
}

describe("LeaveDialog", () => {
  afterEach(cleanup);

  it("lets nobody leave entries behind that lie nowhere else without a word", async () => {
    open(true);
    expect(await screen.findByText(/they are\s+lost/)).toBeDefined();
    expect(screen.queryByText("My cases")).toBeNull();
    fireEvent.click(screen.getByText("Stay with the case"));
    fireEvent.click(screen.getByText("Back"));
    fireEvent.click(await screen.findByText("Leave and lose them"));
    expect(await screen.findByText("My cases")).toBeDefined();
  });

  it("is not in the way of anybody whose entries are safe", async () => {
    open(false);
    expect(await screen.findByText("My cases")).toBeDefined();
  });
});
