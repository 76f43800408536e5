/// Everything that can go wrong, each with one sentence: what happened, why, and what to do next.
public enum StyleError: Error, Equatable, Sendable {
    case cancelled
    case modelMissing(name: String, searched: [String])
    case modelUnreadable(file: String, reason: String)
    case modelChecksum(file: String)
    case network(reason: String)
    case unreadableFile(path: String, reason: String)
    case unwritableFile(path: String, reason: String)
    case fileExists(path: String)
    case pictureTooSmall(width: Int, height: Int, minimum: Int)
    case pictureTooLarge(width: Int, height: Int, maximumPixels: Int)
    case invalidOption(name: String, value: String, allowed: String)
}

extension StyleError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .cancelled:
            return "Cancelled; the picture was not changed."
        case let .modelMissing(name, searched):
            return "The model “\(name)” was not found in \(searched.joined(separator: ", ")); run ./install.sh again or put the file there."
        case let .modelUnreadable(file, reason):
            return "The model file \(file) cannot be used (\(reason)); replace it or run ./install.sh again."
        case let .modelChecksum(file):
            return "The model file \(file) does not match its checksum, so it is damaged or was changed; run ./install.sh again to restore it."
        case let .network(reason):
            return "The neural network could not run (\(reason)); try again with half precision off, or reinstall with ./install.sh."
        case let .unreadableFile(path, reason):
            return "The file \(path) cannot be read (\(reason)); check the path and that it is a picture."
        case let .unwritableFile(path, reason):
            return "The file \(path) cannot be written (\(reason)); choose a folder you may write to and a .png, .jpg, .webp or .tif name."
        case let .fileExists(path):
            return "The file \(path) exists already and was kept; use --overwrite to replace it."
        case let .pictureTooSmall(width, height, minimum):
            return "The picture is \(width)×\(height) pixels, too small to draw; use one of at least \(minimum)×\(minimum)."
        case let .pictureTooLarge(width, height, maximumPixels):
            return "The picture is \(width)×\(height) pixels, more than the \(maximumPixels / 1_000_000) megapixels this filter handles; scale it down first."
        case let .invalidOption(name, value, allowed):
            return "The value \(value) for \(name) is not allowed; use \(allowed)."
        }
    }
}
