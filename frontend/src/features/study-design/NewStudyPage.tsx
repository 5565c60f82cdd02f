import { Button, Group, Skeleton, Stack, Text, TextInput, Title, UnstyledButton } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useNavigate } from "react-router";
import { isApiError } from "../../shared/api/client";
import { ErrorState } from "../../shared/components/PageStates";
import { Refusal } from "../../shared/components/Refusal";
import { postStudy, type Template, templatesQuery } from "./api/templates";
import { OptionField } from "./components/PatternPicker";
import { slugOf } from "./model/text";
import "./study-design.css";

export default function NewStudyPage() {
  const templates = useQuery(templatesQuery);
  const [chosen, setChosen] = useState<Template | null>(null);
  return (
    <div className="rr-new-study">
      <title>New study · Reading Room</title>
      <Title order={1}>New study</Title>
      <Text c="dimmed" size="sm" mt={4} mb="lg">
        Begin with a template; everything in it can be changed until the protocol is frozen.
      </Text>
      {templates.isError ? (
        <ErrorState error={templates.error} onRetry={() => void templates.refetch()} />
      ) : templates.data === undefined ? (
        <Skeleton h={360} animate={false} />
      ) : (
        <div className="rr-new-study-body">
          <ul className="rr-templates">
            {templates.data.templates.map((template) => (
              <li key={template.key}>
                <UnstyledButton
                  className={chosen?.key === template.key ? "rr-template rr-template-now" : "rr-template"}
                  aria-pressed={chosen?.key === template.key}
                  onClick={() => setChosen(template)}
                >
                  <Text component="span" display="block" fw={600}>
                    {template.title}
                  </Text>
                  <Text component="span" display="block" size="sm">
                    {template.summary}
                  </Text>
                  <Text component="span" display="block" size="xs" c="dimmed">
                    <code>{template.key}</code>
                    {template.reference !== "" && ` · ${template.reference}`}
                  </Text>
                </UnstyledButton>
              </li>
            ))}
          </ul>
          <NewStudyForm key={chosen?.key ?? "none"} template={chosen} />
        </div>
      )}
    </div>
  );
}

function NewStudyForm({ template }: { template: Template | null }) {
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const [title, setTitle] = useState(template?.title ?? "");
  const [slug, setSlug] = useState<string | null>(null);
  const [options, setOptions] = useState(() =>
    Object.fromEntries((template?.options ?? []).map((option) => [option.key, option.default])),
  );
  const name = slug ?? slugOf(title);
  const create = useMutation({
    mutationFn: () => postStudy({ slug: name, title: title.trim(), template: template?.key ?? "", options }),
    onSuccess: async (study) => {
      await queryClient.invalidateQueries({ queryKey: ["me"] });
      await navigate(`/desk/${study.slug}/design/outline`);
    },
  });
  if (template === null) {
    return (
      <div className="rr-new-study-form">
        <Text size="sm" c="dimmed">
          Choose a template.
        </Text>
      </div>
    );
  }
  const fields = isApiError(create.error) ? create.error.fields : {};
  return (
    <form
      className="rr-new-study-form"
      onSubmit={(event) => {
        event.preventDefault();
        create.mutate();
      }}
    >
      <Stack gap="md">
        <TextInput
          label="Title"
          required
          maxLength={200}
          value={title}
          error={fields.title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextInput
          label="Short name"
          description="In addresses and file names: small letters, digits and hyphens. It stays."
          required
          maxLength={50}
          value={name}
          error={fields.slug}
          onChange={(event) => setSlug(event.currentTarget.value)}
        />
        {template.options.map((option) => (
          <OptionField
            key={option.key}
            option={option}
            value={options[option.key] ?? option.default}
            onChange={(value) => setOptions((before) => ({ ...before, [option.key]: value }))}
          />
        ))}
        {create.isError && Object.keys(fields).length === 0 && (
          <Refusal error={create.error} fallback="The study could not be created." />
        )}
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending} disabled={title.trim() === "" || name === ""}>
            Create study
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
