import { Menu, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconChevronDown, IconLogout, IconMoon, IconSettings, IconSun } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import type { Me } from "../../features/account/api/get-me";
import { signOut } from "../../features/account/api/sign-out";

export function UserMenu({ me }: { me: Me }) {
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const leave = useMutation({
    mutationFn: signOut,
    onSuccess: async () => {
      await navigate("/sign-in");
      queryClient.clear();
    },
  });
  const isDark = colorScheme !== "light";
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <UnstyledButton className="rr-user" aria-label={`Account of ${me.display_name}`}>
          {me.display_name}
          <IconChevronDown size={16} stroke={1.5} aria-hidden />
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          leftSection={isDark ? <IconSun size={16} stroke={1.5} /> : <IconMoon size={16} stroke={1.5} />}
          onClick={() => setColorScheme(isDark ? "light" : "dark")}
        >
          {isDark ? "Light pages" : "Dark pages"}
        </Menu.Item>
        {me.is_operator && (
          <Menu.Item component="a" href="/admin/" leftSection={<IconSettings size={16} stroke={1.5} />}>
            Administration
          </Menu.Item>
        )}
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} stroke={1.5} />} onClick={() => leave.mutate()}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
