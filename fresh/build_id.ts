let buildId = "";

/** Set by the server before it renders and by the browser before it hydrates, so that asset() agrees. */
export function setBuildId(id: string): void {
  buildId = id;
}

export function getBuildId(): string {
  return buildId;
}
