import Batch
import Models
import Settings

/// What a batch draws, from where to where.
struct BatchSettings {
    /// Shell pattern or folder.
    var pattern = ""
    var outputFolder = ""
    /// One of `BatchProcedure.formats`.
    var format = ""
    var overwrite = false
    var style: DrawingSettings

    /// - Throws: `StyleError` when nothing is named like that, or the drawings would have no folder of their own.
    func runner() throws -> BatchRunner {
        let list = try PhotoPattern(pattern).jobs(into: outputFolder, format: format.isEmpty ? nil : format)
        return BatchRunner(list, overwrite: overwrite)
    }

    /// The arguments that a call for these settings is given.
    func write(to sink: any ArgumentSink) {
        sink.set(pattern, for: BatchProcedure.pattern)
        sink.set(outputFolder, for: BatchProcedure.outputFolder)
        sink.set(format, for: BatchProcedure.format)
        sink.set(overwrite ? 1 : 0, for: BatchProcedure.overwrite)
        style.write(to: sink, for: .files)
    }
}

extension BatchSettings {
    /// What a script gave, and the style's own defaults for the rest.
    init(_ given: BatchInvocation.Given, for manifest: ModelManifest) {
        self.init(
            pattern: given.pattern, outputFolder: given.outputFolder, format: given.format,
            overwrite: given.overwrite, style: DrawingSettings(given.style, for: manifest))
    }
}

/// The arguments of one call.
struct BatchInvocation {
    let mode: CallMode<Given>

    /// What a script gave; what it left out is `nil`.
    struct Given {
        let pattern: String
        let outputFolder: String
        let format: String
        let overwrite: Bool
        let style: GivenSettings

        /// - Throws: `StyleError.invalidOption`.
        init(_ source: some ArgumentSource) throws {
            pattern = source.text(BatchProcedure.pattern)
            outputFolder = source.text(BatchProcedure.outputFolder)
            let given = source.text(BatchProcedure.format), ending = given.lowercased()
            guard BatchProcedure.formats.contains(where: { $0.ending == ending }) else {
                throw StyleError.invalidOption(
                    name: BatchProcedure.format.name, value: given,
                    allowed: "png, jpg, webp, tif or nothing")
            }
            format = ending
            overwrite = try source.number(BatchProcedure.overwrite) == 1
            style = try GivenSettings(source, for: .files)
        }
    }
}
