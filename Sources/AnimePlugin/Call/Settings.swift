import CGimp
import Models
import Raster
import Settings

/// What the user chose, in the units of the procedure's arguments.
struct Settings: Equatable, Codable {
    var style = ""
    var strength = Procedure.strength.standard
    var region = Region.both
    var keepColors = Procedure.keepColors.standard
    var lineStrength = Procedure.lineStrength.standard
    var minFace = 0
    var halfPrecision = true
    var output = OutputMode.newLayer
    var lighting = Procedure.lighting.standard
    var skinConstancy = Procedure.skinConstancy.standard
    var hairLimit = Procedure.hairLimit.standard
    /// `StyleOptions.excludedFaces`; they belong to one photograph and are not kept with the rest.
    var excludedFaces: [Point] = []

    private enum CodingKeys: CodingKey {
        case style, strength, region, keepColors, lineStrength, minFace, halfPrecision, output, lighting, skinConstancy, hairLimit
    }

    var precision: Precision { halfPrecision ? .half : .float32 }

    /// The style's own defaults.
    init(_ manifest: ModelManifest) {
        style = manifest.id
        let options = manifest.settings.options
        strength = options.strength * 100
        keepColors = options.keepColors * 100
        lineStrength = options.lineStrength * 100
    }

    /// What a script gave, and the style's own defaults for the rest.
    init(_ given: GivenValues, for manifest: ModelManifest) {
        self.init(manifest)
        strength = given.strength ?? strength
        region = given.region ?? region
        keepColors = given.keepColors ?? keepColors
        lineStrength = given.lineStrength ?? lineStrength
        minFace = given.minFace ?? minFace
        halfPrecision = given.halfPrecision ?? halfPrecision
        output = given.output ?? output
        lighting = given.lighting ?? lighting
        skinConstancy = given.skinConstancy ?? skinConstancy
        hairLimit = given.hairLimit ?? hairLimit
    }

    /// The same for the core.
    var options: StyleOptions {
        var options = StyleOptions()
        options.strength = strength / 100
        options.region = region
        options.lineStrength = lineStrength / 100
        options.keepColors = keepColors / 100
        options.minimumFaceSize = minFace == 0 ? nil : Double(minFace)
        options.precision = precision
        options.lighting = lighting / 100
        options.skinConstancy = skinConstancy / 100
        options.hairLimit = hairLimit / 100
        options.excludedFaces = excludedFaces
        return options
    }

    /// Values that were kept by a version without some of the settings; those have their usual value.
    init(from decoder: Decoder) throws {
        let kept = try decoder.container(keyedBy: CodingKeys.self)
        func read<Value: Decodable>(_ key: CodingKeys, _ value: inout Value) throws {
            value = try kept.decodeIfPresent(Value.self, forKey: key) ?? value
        }
        try read(.style, &style)
        try read(.strength, &strength)
        try read(.region, &region)
        try read(.keepColors, &keepColors)
        try read(.lineStrength, &lineStrength)
        try read(.minFace, &minFace)
        try read(.halfPrecision, &halfPrecision)
        try read(.output, &output)
        try read(.lighting, &lighting)
        try read(.skinConstancy, &skinConstancy)
        try read(.hairLimit, &hairLimit)
    }

    // MARK: - As arguments

    /// The arguments that a call for these settings is given.
    func write(to sink: any ArgumentSink, hasOutput: Bool = true) {
        sink.set(style, for: Procedure.style)
        sink.set(strength, for: Procedure.strength)
        sink.set(Double(Procedure.regions.firstIndex { $0.region == region } ?? 0), for: Procedure.region)
        sink.set(keepColors, for: Procedure.keepColors)
        sink.set(lineStrength, for: Procedure.lineStrength)
        sink.set(Double(minFace), for: Procedure.minFace)
        sink.set(halfPrecision ? 1 : 0, for: Procedure.halfPrecision)
        if hasOutput {
            sink.set(Double(Procedure.outputs.firstIndex { $0.output == output } ?? 0), for: Procedure.output)
        }
        sink.set(lighting, for: Procedure.lighting)
        sink.set(skinConstancy, for: Procedure.skinConstancy)
        sink.set(hairLimit, for: Procedure.hairLimit)
    }
}
