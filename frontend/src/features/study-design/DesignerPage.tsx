import { Button, Skeleton } from "@mantine/core";
import { IconArrowBackUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense } from "react";
import { NavLink } from "react-router";
import { LeadOn } from "../../shared/components/LeadOn";
import { ErrorState } from "../../shared/components/PageStates";
import { SECTIONS, type Section } from "../../shared/lib/protocol-parts";
import { type Problem, type Protocol, protocolQuery } from "./api/protocol";
import { FrozenBar } from "./components/FrozenBar";
import { Problems } from "./components/Problems";
import { SaveBar } from "./components/SaveBar";
import { SidePanel } from "./components/SidePanel";
import type { ProtocolDocument } from "./model/document";
import { problemCounts } from "./model/text";
import { type Designer, useDesigner } from "./use-designer";
import "./study-design.css";

// A part is fetched when it is opened: together they are more than a page may begin with.
const AdjudicationSection = lazy(() =>
  import("./components/AdjudicationSection").then((module) => ({ default: module.AdjudicationSection })),
);
const CasesSection = lazy(() =>
  import("./components/CasesSection").then((module) => ({ default: module.CasesSection })),
);
const DesignSection = lazy(() =>
  import("./components/DesignSection").then((module) => ({ default: module.DesignSection })),
);
const OrderSection = lazy(() =>
  import("./components/OrderSection").then((module) => ({ default: module.OrderSection })),
);
const OutlineSection = lazy(() =>
  import("./components/OutlineSection").then((module) => ({ default: module.OutlineSection })),
);
const SummarySection = lazy(() =>
  import("./components/SummarySection").then((module) => ({ default: module.SummarySection })),
);
const ToolsPart = lazy(() =>
  import("./components/ToolsPart").then((module) => ({ default: module.ToolsPart })),
);
const TrainingSection = lazy(() =>
  import("./components/TrainingSection").then((module) => ({ default: module.TrainingSection })),
);

/** What the form builder is given; the app puts it in, for features do not know each other. */
export interface FormEditorProps {
  form: ProtocolDocument["form"];
  onChange: (form: ProtocolDocument["form"]) => void;
  problems: { path: string; text: string }[];
  readOnly: boolean;
  /** JSON Schema of the answers, once the form has no fault. */
  schema: Record<string, unknown> | null;
}

interface DesignerPageProps {
  slug: string;
  section: string | undefined;
  renderForm: (props: FormEditorProps) => ReactNode;
}

export function DesignerPage({ slug, section, renderForm }: DesignerPageProps) {
  const protocol = useQuery(protocolQuery(slug));
  const known = SECTIONS.find((one) => one.key === section);
  if (known === undefined) return <LeadOn to={`/desk/${slug}/design/outline`} />;
  if (protocol.data === undefined) {
    return protocol.isError ? (
      <ErrorState error={protocol.error} onRetry={() => void protocol.refetch()} />
    ) : (
      <div className="rr-designer" aria-busy="true">
        <Skeleton h={280} animate={false} />
        <Skeleton h={520} animate={false} />
        <Skeleton h={420} animate={false} />
      </div>
    );
  }
  return (
    <Workspace
      key={`${protocol.data.revision}/${protocol.data.version}/${protocol.data.phase}`}
      protocol={protocol.data}
      section={known.key}
      renderForm={renderForm}
      onReload={() => void protocol.refetch()}
    />
  );
}

interface WorkspaceProps {
  protocol: Protocol;
  section: Section;
  renderForm: (props: FormEditorProps) => ReactNode;
  onReload: () => void;
}

function Workspace({ protocol, section, renderForm, onReload }: WorkspaceProps) {
  const designer = useDesigner(protocol);
  const counts = problemCounts(designer.problems);
  return (
    <div className="rr-designer">
      <nav className="rr-design-nav" aria-label="Parts of the protocol">
        {SECTIONS.map((one) => {
          const found = counts.get(one.key);
          return (
            <NavLink key={one.key} to={`/desk/${protocol.slug}/design/${one.key}`} className="rr-design-link">
              {one.label}
              {found !== undefined && found.blocking > 0 && (
                <span className="rr-design-count" title={`${found.blocking} to mend`}>
                  {found.blocking}
                </span>
              )}
            </NavLink>
          );
        })}
      </nav>
      <div className="rr-design-main">
        {designer.isReadOnly ? (
          <FrozenBar protocol={protocol} />
        ) : (
          <SaveBar state={designer.save} onReload={onReload}>
            <Button
              variant="subtle"
              color="gray"
              size="xs"
              leftSection={<IconArrowBackUp size={16} stroke={1.75} aria-hidden />}
              disabled={designer.undoLabel === null}
              onClick={designer.undo}
            >
              Undo{designer.undoLabel === null ? "" : ` ${designer.undoLabel}`}
            </Button>
          </SaveBar>
        )}
        <fieldset
          className="rr-design-fieldset"
          disabled={designer.isReadOnly && section !== "form"}
          data-section={section}
        >
          <Suspense fallback={<Skeleton h={520} animate={false} />}>
            <SectionBody section={section} designer={designer} renderForm={renderForm} />
          </Suspense>
        </fieldset>
      </div>
      <SidePanel designer={designer} />
    </div>
  );
}

interface SectionBodyProps {
  section: Section;
  designer: Designer;
  renderForm: (props: FormEditorProps) => ReactNode;
}

function SectionBody({ section, designer, renderForm }: SectionBodyProps) {
  switch (section) {
    case "outline":
      return <OutlineSection designer={designer} />;
    case "design":
      return <DesignSection designer={designer} />;
    case "order":
      return <OrderSection designer={designer} />;
    case "training":
      return <TrainingSection designer={designer} />;
    case "adjudication":
      return <AdjudicationSection designer={designer} />;
    case "cases":
      return <CasesSection designer={designer} />;
    case "summary":
      return <SummarySection designer={designer} />;
    case "form":
      return (
        <>
          {renderForm({
            form: designer.document.form,
            onChange: (form) =>
              designer.change("the form", (draft) => {
                draft.form = form;
              }),
            problems: formProblems(designer.problems),
            readOnly: designer.isReadOnly,
            schema: designer.answer?.answer_schema ?? null,
          })}
          <Problems problems={designer.problems} at={["form"]} />
          <ToolsPart designer={designer} />
        </>
      );
  }
}

/** The form builder knows the form alone, so its paths begin there. */
function formProblems(problems: readonly Problem[]): { path: string; text: string }[] {
  return problems
    .filter((problem) => problem.path.startsWith("form."))
    .map((problem) => ({ path: problem.path.slice("form.".length), text: problem.text }));
}
