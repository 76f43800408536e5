; Worked examples of plug-in-anime-style and plug-in-anime-style-batch. Each is a procedure of its own, to call or to
; copy from:
;
;   run () { gimp-console-2.10 -i -d -f -b "$1" -b '(gimp-quit 0)'; }
;   run '(script-fu-anime-style-folder "/home/me/photos" "/home/me/drawings" "cel" 100)'
;   run '(anime-style-file "photo.jpg" "drawing.png" "cel")'
;   run '(anime-style-layers "photo.jpg" "drawing.xcf" "cel")'
;
; The arguments after the style are: strength, region (2: the whole photograph and its faces), keep-colors,
; line-strength, min-face, half-precision, then for plug-in-anime-style output, and lighting, skin-constancy,
; hair-limit, and at the end a text of any settings as name=value, such as "vividness=120;lighting=30". -1 leaves a
; number as the style has it.

; Script-Fu wants all arguments of a procedure. This lets the last ones be left out, so that a script goes on working
; when a later version has one more: what is left out is as the style has it.
(define (anime-style-completed procedure usual)
  (lambda given
    (apply procedure
           (append given (if (< (length given) (length usual)) (list-tail usual (length given)) '())))))
(if (defined? 'plug-in-anime-style)
    (set! plug-in-anime-style
          (anime-style-completed plug-in-anime-style
                                 (list RUN-NONINTERACTIVE 0 0 "" -1 -1 -1 -1 -1 -1 -1 -1 -1 -1 ""))))
(if (defined? 'plug-in-anime-style-batch)
    (set! plug-in-anime-style-batch
          (anime-style-completed plug-in-anime-style-batch
                                 (list RUN-NONINTERACTIVE "" "" "" 0 "" -1 -1 -1 -1 -1 -1 -1 -1 -1 ""))))

; Many photographs: the models are loaded once, a drawing that exists is kept, a file that cannot be drawn is reported
; and the rest goes on. The first argument may be a pattern, such as "/home/me/photos/*.jpg".
(define (script-fu-anime-style-folder photos out-folder style strength)
  (gimp-message-set-handler CONSOLE)
  (let ((counts (plug-in-anime-style-batch RUN-NONINTERACTIVE photos out-folder "png" FALSE style strength)))
    (gimp-message (string-append (number->string (car counts)) " drawn, " (number->string (cadr counts)) " failed, "
                                 (number->string (caddr counts)) " kept"))))

; One photograph of any format that GIMP reads, drawn above the photograph and saved flat.
(define (anime-style-file photo drawing style)
  (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE photo photo))))
    (if (= (car (gimp-image-base-type image)) INDEXED)
        (gimp-image-convert-rgb image))
    (let ((layer (car (gimp-image-get-active-layer image))))
      (plug-in-anime-style RUN-NONINTERACTIVE image layer style))
    (let ((merged (car (gimp-image-merge-visible-layers image CLIP-TO-IMAGE))))
      (gimp-file-save RUN-NONINTERACTIVE image merged drawing drawing))
    (gimp-image-delete image)))

; One photograph as an XCF file with color and lines as layers of their own, the lines half as strong.
(define (anime-style-layers photo drawing style)
  (let* ((image (car (gimp-file-load RUN-NONINTERACTIVE photo photo)))
         (layer (car (gimp-image-get-active-layer image)))
         (group (car (plug-in-anime-style RUN-NONINTERACTIVE image layer style -1 -1 -1 50 -1 -1 2))))
    (gimp-xcf-save RUN-NONINTERACTIVE image group drawing drawing)
    (gimp-image-delete image)))

(script-fu-register
  "script-fu-anime-style-folder"
  ""
  "Draws every photograph of a folder in the style of an anime; drawings that exist already are kept"
  "The gimp-anime-style authors"
  "The gimp-anime-style authors, Apache-2.0"
  "2026"
  ""
  SF-STRING  "Folder of photographs, or a pattern" ""
  SF-DIRNAME "Folder for drawings"   ""
  SF-STRING  "Style"                 "cel"
  SF-ADJUSTMENT "Strength (%)"       '(100 0 100 1 10 0 0))
