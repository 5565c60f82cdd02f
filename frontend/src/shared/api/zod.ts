import { z } from "zod";

// The page's policy forbids eval, and zod's compiled validators would try it (and be reported) once a page.
z.config({ jitless: true });

export { z };
