/// Which version this is; CHANGELOG.md and the packages say the same.
public enum ProductVersion {
    /// As `0.5.0`.
    public static let text = "0.5.0"
}
