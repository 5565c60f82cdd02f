import { fetchOpened } from "./api/read-ahead";

// A script of its own, so that it runs before the page's code has come.
void fetchOpened(window.location.pathname);
