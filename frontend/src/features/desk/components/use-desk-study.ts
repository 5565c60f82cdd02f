import { useOutletContext } from "react-router";
import type { DeskStudy } from "../api/get-study";

/** The study whose desk is open; every tab stands inside the layout that has loaded it. */
export function useDeskStudy(): DeskStudy {
  return useOutletContext<DeskStudy>();
}
