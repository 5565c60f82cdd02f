import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { createMemoryRouter, Link, RouterProvider } from "react-router";
import { afterEach, describe, expect, it } from "vitest";
import { LeadOn } from "./LeadOn";

/** A page that leads to its first tab once it knows it, beside a way to a page that takes time to come. */
function Index() {
  const [isKnown, setKnown] = useState(false);
  return (
    <>
      <Link to="/chosen">Chosen</Link>
      <button type="button" onClick={() => setKnown(true)}>
        Know
      </button>
      {isKnown && <LeadOn to="/tab" />}
    </>
  );
}

function ChosenPage() {
  return <p>Chosen page</p>;
}

/** Opens the page; what it returns lets the chosen page arrive. */
function start(): () => void {
  let arrive = () => {};
  const arrived = new Promise<void>((resolve) => {
    arrive = resolve;
  });
  const chosen = async () => {
    await arrived;
    return { Component: ChosenPage };
  };
  const routes = [
    { path: "/", element: <Index /> },
    { path: "/tab", element: <p>First tab</p> },
    { path: "/chosen", lazy: chosen },
  ];
  render(<RouterProvider router={createMemoryRouter(routes, { initialEntries: ["/"] })} />);
  return arrive;
}

describe("LeadOn", () => {
  afterEach(cleanup);

  it("leads to the page it names", async () => {
    start();
    fireEvent.click(screen.getByText("Know"));
    expect(await screen.findByText("First tab")).toBeDefined();
  });

  it("stays out of the way of a choice that is under way", async () => {
    const arrive = start();
    fireEvent.click(screen.getByText("Chosen"));
    fireEvent.click(screen.getByText("Know"));
    await act(async () => arrive());
    expect(await screen.findByText("Chosen page")).toBeDefined();
  });
});
