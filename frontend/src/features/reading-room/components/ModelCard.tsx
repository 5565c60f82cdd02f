import { Drawer } from "@mantine/core";
import type { ReactNode } from "react";
import type { AidModel } from "../api/get-aid";
import styles from "../reading-room.module.css";
import { useDialog } from "../second-window/use-dialog";

const WEIGHTS: Readonly<Record<string, string>> = {
  "published-coefficients": "Coefficients as published",
  registered: "Registered weights",
  "untrained-demo": "Demonstration: not trained on patients",
};

interface ModelCardProps {
  model: AidModel;
  isOpen: boolean;
  onClose: () => void;
}

/** What the model is, is for and is not for, as the version that answered says it. */
export function ModelCard({ model, isOpen, onClose }: ModelCardProps) {
  const dialog = useDialog(isOpen, onClose);
  return (
    <Drawer
      key={dialog.key}
      opened={isOpen}
      onClose={onClose}
      position="right"
      size="md"
      title={model.title}
      lockScroll={false}
      transitionProps={{ duration: 120 }}
      {...dialog.props}
    >
      <dl className={styles.modelCard}>
        <Entry name="Intended use">{model.intended_use}</Entry>
        <Entry name="Developed on">{model.training_data || "The card does not say."}</Entry>
        <Entry name="Limits">
          <Lines of={model.limits} />
        </Entry>
        <Entry name="Positive">{model.positive_rule}</Entry>
        <Entry name="Calibration">{model.calibration_note}</Entry>
        <Entry name="Weights">{WEIGHTS[model.weights_status] ?? model.weights_status}</Entry>
        <Entry name="Version">
          {model.id} {model.semver}
        </Entry>
        <Entry name="SHA-256 of the version">
          <code>{model.digest}</code>
        </Entry>
        <Entry name="References">{model.references.length > 0 && <Lines of={model.references} />}</Entry>
      </dl>
    </Drawer>
  );
}

function Entry({ name, children }: { name: string; children: ReactNode }) {
  if (children === "" || children === false) return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Lines({ of }: { of: readonly string[] }) {
  return (
    <ul>
      {of.map((line) => (
        <li key={line}>{line}</li>
      ))}
    </ul>
  );
}
