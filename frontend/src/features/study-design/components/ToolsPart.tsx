import { Checkbox } from "@mantine/core";
import { hasTool, OPTIONAL_TOOLS, withTool } from "../model/tools";
import type { Designer } from "../use-designer";
import { Part } from "./Part";
import { Problems } from "./Problems";
import styles from "./tools.module.css";

/** Which of the viewer's tools readers have besides those that the questions are answered with. */
export function ToolsPart({ designer }: { designer: Designer }) {
  const { document, change, problems, isReadOnly } = designer;
  return (
    <Part
      title="Tools beside the form"
      help="What readers may measure and note on the images without answering a question. Tools that a question is answered with, such as axes, marks, outlines and painting, are always there."
    >
      <fieldset className={styles.tools} disabled={isReadOnly} aria-label="Tools beside the form">
        {OPTIONAL_TOOLS.map(({ tool, label, does }) => (
          <Checkbox
            key={tool}
            size="sm"
            label={label}
            description={does}
            checked={hasTool(document.tools, tool)}
            onChange={(event) => {
              const isOn = event.currentTarget.checked;
              change("the tools", (draft) => {
                draft.tools = withTool(draft.tools, tool, isOn);
              });
            }}
          />
        ))}
      </fieldset>
      <Problems problems={problems} at={["tools"]} />
    </Part>
  );
}
