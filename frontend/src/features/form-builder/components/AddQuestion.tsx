import { Button, Menu } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import styles from "../form-builder.module.css";
import { KINDS, type NewKind } from "../model/kinds";

export function AddQuestion({ onAdd }: { onAdd: (kind: NewKind) => void }) {
  return (
    <Menu position="bottom-start" width={320} returnFocus={false}>
      <Menu.Target>
        <Button size="xs" h={32} leftSection={<IconPlus size={16} stroke={1.8} aria-hidden />}>
          Add question
        </Button>
      </Menu.Target>
      <Menu.Dropdown className={styles.kinds}>
        {KINDS.map(({ kind, title, does }) => (
          <Menu.Item key={kind} onClick={() => onAdd(kind)}>
            <span className={styles.kindTitle}>{title}</span>
            <span className={styles.kindDoes}>{does}</span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
