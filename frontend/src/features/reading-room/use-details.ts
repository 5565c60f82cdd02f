import { useState } from "react";

const KEPT_AS = "reading-room.model-details";

/** Whether the details of the model's output stand open, and how to turn that; kept for as long as the tab lives. */
export function useDetails(): [boolean, () => void] {
  const [isOpen, setOpen] = useState(() => sessionStorage.getItem(KEPT_AS) === "open");
  const toggle = () => {
    sessionStorage.setItem(KEPT_AS, isOpen ? "closed" : "open");
    setOpen(!isOpen);
  };
  return [isOpen, toggle];
}
