import type { ProtocolDocument } from "./document";

export const STATEMENT_MAX = 2000;

export const COLLECTIONS = [
  { value: "prospective", label: "Collected for this study" },
  { value: "retrospective", label: "Existed before this study" },
] as const;

interface StatementField {
  key: string;
  label: string;
  help: string;
}

/** Every text that a protocol may state for the report, as the designer asks for it. */
export const STATEMENT_FIELDS: readonly { title: string; fields: readonly StatementField[] }[] = [
  {
    title: "Cases and readers",
    fields: [
      { key: "eligibility", label: "Eligibility", help: "Which cases were included and which were not." },
      { key: "setting", label: "Setting", help: "Kind of hospitals, places, years." },
      { key: "sampling", label: "Sampling of the cases", help: "Consecutive, random or by convenience." },
      { key: "acquisition", label: "Acquisition", help: "Sequences and their parameters." },
      { key: "devices", label: "Devices", help: "Makers, models, field strength." },
      {
        key: "reader_experience",
        label: "Experience of the readers",
        help: "Of all together, without names: specialty, training, years.",
      },
      {
        key: "reader_sampling",
        label: "Choice of the readers",
        help: "How they were chosen, and which readers they stand for.",
      },
      { key: "sample_size", label: "Sample size", help: "Intended cases and readers, and why so many." },
    ],
  },
  {
    title: "Reference standard",
    fields: [
      {
        key: "reference_standard",
        label: "Reference standard",
        help: "What decides that a case is positive.",
      },
      { key: "reference_rationale", label: "Reason for it", help: "Why this one." },
      { key: "annotators", label: "Who sets it", help: "Number, training and experience, without names." },
      { key: "reference_blinding", label: "Their blinding", help: "What they do not know." },
    ],
  },
  {
    title: "Records",
    fields: [
      { key: "registration", label: "Registration", help: "Registry and number, or that there is none." },
      {
        key: "protocol_place",
        label: "Where the protocol can be read",
        help: "An address, or that it is not public.",
      },
      { key: "ethics", label: "Ethical approval", help: "Committee, number, consent or its waiver." },
      { key: "funding", label: "Funding", help: "Who pays, and the funders’ part." },
      { key: "interests", label: "Conflicts of interest", help: "Or that there are none." },
      {
        key: "patient_involvement",
        label: "Patients and the public",
        help: "Their part in the study, or that they have none.",
      },
      {
        key: "data_availability",
        label: "Availability of the data",
        help: "Where, for whom, on which terms.",
      },
      { key: "code_availability", label: "Availability of code and models", help: "Likewise." },
    ],
  },
];

/** Puts a statement into a protocol, or takes it away where there is none; the last one takes the word with it. */
export function state(document: ProtocolDocument, key: string, text: string): void {
  const next = { ...document.statements };
  if (text === "") delete next[key];
  else next[key] = text;
  if (Object.keys(next).length === 0) delete document.statements;
  else document.statements = next;
}
