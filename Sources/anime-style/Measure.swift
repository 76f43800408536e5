#if canImport(FoundationEssentials)
import FoundationEssentials
#else
import Foundation
#endif
import ArgumentParser
import Batch
import Engine
import Evaluation
import Files
import Models
import Settings

/// The evidence: what styles move and shift in photographs of faces.
struct Measure: ParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Measures what a style moves and shifts in faces.",
        discussion: """
            Draws each photograph in several ways, reads the landmarks of its largest face from the photograph and \
            from each drawing, and prints tables in Markdown: geometry with the detectors' own noise as the floor, \
            skin and hair colour, flatness and lines. The first variant, the whole photograph squashed to the \
            model's square, is the baseline of the targets. MODEL is a style's id or an ONNX file; a file without a \
            manifest of the same name beside it is fed as the measured style is.
            """)

    @Argument(help: "Photographs, or folders of them.", completion: .file())
    var photographs: [String]

    @Option(help: "The style's id; may be given several times. (default: the first)")
    var style: [String] = []

    @Option(help: ArgumentHelp("Also measure another model.", valueName: "NAME=MODEL[@squashed|@unaligned|@aligned]"))
    var variant: [VariantArgument] = []

    @Option(
        help: ArgumentHelp(
            "The style's network trained without the geometry term, measured aligned.", valueName: "MODEL"))
    var withoutGeometryTerm: String?

    @Option(
        help: ArgumentHelp("Keypoint network, the second landmark detector.", valueName: "FILE.onnx"),
        completion: .file())
    var keypoints: String?

    @Option(
        help: ArgumentHelp("Folder with the painter's pictures: STYLE/NAME.png or NAME.png.", valueName: "folder"),
        completion: .directory)
    var painter: String?

    @Option(
        help: ArgumentHelp("Save a contact sheet, photographs above, drawings below.", valueName: "file"),
        completion: .file())
    var sheet: String?

    @Option(help: ArgumentHelp("Save everything measured as JSON.", valueName: "file"), completion: .file())
    var json: String?

    @Option(help: ArgumentHelp("Save the tables as well.", valueName: "file"), completion: .file())
    var markdown: String?

    @Option(
        help: ArgumentHelp(
            "Save a page with pictures, meshes and plots of each face: an HTML file with all in it.",
            valueName: "file.html"),
        completion: .file())
    var html: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Take only the first photographs.", valueName: "count"))
    var limit: Int?

    @Option(help: "Arithmetic.")
    var precision: Precision = .float32

    @Flag(help: "Replace files that exist.")
    var overwrite = false

    @Flag(help: "Say nothing but errors and the tables.")
    var quiet = false

    mutating func validate() throws {
        if let limit, limit < 1 { throw ValidationError("--limit must be at least 1.") }
        try DrawingReport.checkName(html, option: "--html")
        let names = variant.map(\.name) + Variants.standard
        if Set(names).count < names.count {
            throw ValidationError(
                "Each variant needs a name of its own, other than \(Variants.standard.joined(separator: ", ")).")
        }
        if Set(style).count < style.count { throw ValidationError("Each style can be measured once.") }
    }

    func run() throws {
        let console = Console(quiet: quiet)
        let interruption = Interruption(console)
        try reportingErrors(to: console, interruption) {
            let paths = try photographPaths()
            let engine = StyleEngine.installed()
            let styles = try style.isEmpty ? [engine.catalog.first().manifest.id] : style
            let sheets = styles.map { id in sheet.map { Self.sheetPath($0, style: id, of: styles.count) } }
            for path in sheets.compactMap({ $0 }) { try PictureFile.checkWritable(path, overwrite: overwrite) }
            for path in [json, markdown, html].compactMap({ $0 }) { try OutputFile.check(path, overwrite: overwrite) }
            let readers = try Readers(engine, keypoints: keypoints)
            let measured = try styles.map {
                try MeasuredStyle($0, engine, self, readers.all, photographs: sheet == nil ? nil : paths.count)
            }
            let run = try MeasureRun(
                paths: paths, styles: measured, readers: readers, painter: painter,
                meshes: html.map { _ in try engine.meshFinder() }, console: console, interruption: interruption)
            let report = try run.report(
                notes: readers.notes + (withoutGeometryTerm == nil ? [Variants.noteWithoutModel] : []))
            console.clearProgress()
            let tables = report.markdown()
            if let markdown { try OutputFile.write(Array(tables.utf8), to: markdown, overwrite: overwrite) }
            if let json { try OutputFile.write(Array(Self.document(report).utf8), to: json, overwrite: overwrite) }
            if let html {
                let page = try Self.page(report, run.sections)
                try OutputFile.write(Array(page.utf8), to: html, overwrite: overwrite)
                console.note("What became of the faces: \(html.printable)")
            }
            for (style, path) in zip(measured, sheets) {
                guard let path, let sheet = style.sheet else { continue }
                try PictureFile.save(sheet.picture, to: path, overwrite: overwrite)
                console.note("\(path), row by row: \(report.photographs.map(\.name).joined(separator: ", "))")
            }
            try console.result(tables)
        }
    }

    private func photographPaths() throws -> [String] {
        let all = try photographs.flatMap { path in
            Folder.exists(path) ? try PhotoFolder(path: path, recursive: false).photographs() : [path]
        }
        return Array(all.prefix(limit ?? all.count))
    }

    /// With several styles each has a sheet of its own: `sheet.png` becomes `sheet-STYLE.png`.
    private static func sheetPath(_ path: String, style: String, of count: Int) -> String {
        guard count > 1, let dot = path.lastIndex(of: ".") else { return path }
        return "\(path[..<dot])-\(style)\(path[dot...])"
    }

    private static func page(_ report: QualityReport, _ sections: [ReportSection]) throws -> String {
        let (all, measured) = (report.photographs.count, sections.count)
        let without = report.withoutFace.map(\.printable).joined(separator: ", ")
        let lead = [
            "\(measured) of \(all) photographs have a face to measure, the largest in each.",
            without.isEmpty ? nil : "No face large enough was found in: \(without).",
        ]
        return try ReportPage(
            title: "Faces in \(report.styles.map(\.id).joined(separator: ", "))", lead: lead.compactMap { $0 },
            whole: nil,
            sections: sections, notes: report.notes
        ).html(DrawingReport.encode)
    }

    private static func document(_ report: QualityReport) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(report), as: UTF8.self) + "\n"
    }
}
