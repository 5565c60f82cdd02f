import { act, cleanup, fireEvent, render, screen } from "@testing-library/react";
import { useState } from "react";
import { flushSync } from "react-dom";
import { createMemoryRouter, Link, RouterProvider, useNavigate } from "react-router";
import { afterEach, describe, expect, it } from "vitest";
import { LeadOn } from "./LeadOn";

/** A page that leads to its first tab once it knows it, beside a way to a page that takes time to come. */
function Index() {
  const [isKnown, setKnown] = useState(false);
  const navigate = useNavigate();
  const chooseThenKnow = () => {
    void navigate("/chosen");
    // Drawn before the transition in which the router tells of the choice.
    flushSync(() => setKnown(true));
  };
  return (
    <>
      <Link to="/chosen">Chosen</Link>
      <button type="button" onClick={() => setKnown(true)}>
        Know
      </button>
      <button type="button" onClick={chooseThenKnow}>
        Choose, then know
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

  it("stays out of the way of a choice that is not drawn yet", async () => {
    const arrive = start();
    fireEvent.click(screen.getByText("Choose, then know"));
    await act(async () => arrive());
    expect(await screen.findByText("Chosen page")).toBeDefined();
  });
});
